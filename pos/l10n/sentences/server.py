"""Sentences for the organiser's command on the central server."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "database_url_unclear": (
        "ডাটাবেসের ঠিকানা বোঝা গেল না। ঠিকানা sqlite:///ফাইলের পথ অথবা postgresql://নাম@ঠিকানা/ডাটাবেস এভাবে লিখুন।",
        "The database's address is unclear. Write it as sqlite:///PATH or postgresql://USER@HOST/NAME, please.",
    ),
    "server_database_newer": (
        "ডাটাবেসটি এই সার্ভারের চেয়ে নতুন সংস্করণের। কিছু বদলায়নি। সার্ভারের নতুন সংস্করণ বসান।",
        "The database was written by a newer release than this server. Nothing was changed. Please install the newer release.",
    ),
    "server_home_unwritable": (
        "সার্ভারের ফোল্ডার {folder} তৈরি করা বা লেখা যাচ্ছে না। কিছু বদলায়নি। ফোল্ডারের অনুমতি দেখুন, অথবা HATKHATA_SERVER_HOME দিন।",
        "The server's folder {folder} cannot be made or written. Nothing was changed. Please check its permissions, or set HATKHATA_SERVER_HOME.",
    ),
    "database_away": (
        "ডাটাবেস উত্তর দিচ্ছে না, বা লিখতে দিচ্ছে না। কিছু বদলায়নি। ডাটাবেস ও তার ঠিকানা দেখে আবার করুন।",
        "The database does not answer, or refuses to write. Nothing was changed. Please check it and its address, then try again.",
    ),
    "database_missing": (
        "{where}-এ সার্ভারের কোনো ডাটাবেস নেই, বা এই অ্যাকাউন্ট তা পড়তে পারে না। কিছু বদলায়নি, কিছু তৈরি হয়নি। সার্ভারের নিজের অ্যাকাউন্টে, তার HATKHATA_SERVER_HOME ও HATKHATA_SERVER_DATABASE দিয়ে চালান। নতুন ডাটাবেস বানাতে: hatkhata-server migrate",
        "There is no server database at {where}, or this account may not read it. Nothing was changed and nothing was made. Please run this by the server's account, with its HATKHATA_SERVER_HOME and HATKHATA_SERVER_DATABASE. A new database is made by: hatkhata-server migrate",
    ),
    "server_runs_already": (
        "{file} ডাটাবেসটি একটি সার্ভার বা অন্য কমান্ড ব্যবহার করছে। কিছু বদলায়নি। আগে সেটি থামান।",
        "The database {file} is in use by a server or another command. Nothing was changed. Please stop that first.",
    ),
    "backup_unusable": (
        "{file} সার্ভারের কোনো ব্যাকআপ নয়, বা নষ্ট। কিছু বদলায়নি। অন্য ব্যাকআপ দিন।",
        "{file} is no backup of a server, or is damaged. Nothing was changed. Please name another one.",
    ),
    "restore_by_pg_restore": (
        "PostgreSQL-এর ব্যাকআপ pg_restore দিয়ে ফেরাতে হয়। কিছু বদলায়নি। ধাপগুলো docs/operations.md-এ আছে।",
        "A backup of PostgreSQL is put back by pg_restore. Nothing was changed. The steps are in docs/operations.md.",
    ),
    "server_restore_failed": (
        "ব্যাকআপ {file} ফেরানো গেল না। আগের ডাটাবেস আছে। ডিস্কের জায়গা ও অনুমতি দেখে আবার করুন।",
        "The backup {file} could not be put back. The database from before is still there. Please check the disk's space and permissions, then try again.",
    ),
    "database_not_migrated": (
        "ডাটাবেসটি এই সংস্করণের জন্য প্রস্তুত নয়। চালান: hatkhata-server migrate",
        "The database is not prepared for this release. Please run: hatkhata-server migrate",
    ),
    "postgresql_too_old": (
        "ডাটাবেসটি PostgreSQL {version}, অন্তত {oldest} দরকার। কিছু বদলায়নি। PostgreSQL-এর নতুন সংস্করণ বসান।",
        "The database is PostgreSQL {version}; at least {oldest} is needed. Nothing was changed. Please install a newer PostgreSQL.",
    ),
    "workers_need_postgresql": (
        "একাধিক প্রসেসে চালাতে PostgreSQL দরকার। SQLite একটি প্রসেসেই চলে।",
        "Several processes need PostgreSQL. SQLite is served by one.",
    ),
    "address_taken": (
        "{host}:{port} ঠিকানায় শোনা যাচ্ছে না, হয়তো অন্য কিছু সেখানে চলছে। অন্য --port দিন।",
        "The address {host}:{port} cannot be listened on; something else may be running there. Please name another --port.",
    ),
    "vendor_unknown": (
        "“{name}” নামে কোনো উদ্যোক্তা নেই। কিছু বদলায়নি। নামগুলো দেখুন: hatkhata-server vendor list",
        "There is no vendor named “{name}”. Nothing was changed. See the names with: hatkhata-server vendor list",
    ),
    "device_unknown": (
        "এই উদ্যোক্তার {device} কোডের কোনো ডিভাইস নেই। কিছু বদলায়নি। দেখুন: hatkhata-server vendor devices",
        "This vendor has no device with the code {device}. Nothing was changed. See: hatkhata-server vendor devices",
    ),
    "notice_unknown": (
        "এই নোটিশটি নেই, বা আগেই তুলে নেওয়া হয়েছে। দেখুন: hatkhata-server notice list",
        "There is no such notice, or it was withdrawn before. See: hatkhata-server notice list",
    ),
    "account_unknown": (
        "“{name}” নামে কোনো অ্যাকাউন্ট নেই। কিছু বদলায়নি। দেখুন: hatkhata-server user list",
        "There is no account named “{name}”. Nothing was changed. See: hatkhata-server user list",
    ),
    "account_there_already": (
        "“{name}” নামে অ্যাকাউন্ট আগেই আছে। কিছু বদলায়নি। পাসওয়ার্ড বদলাতে: hatkhata-server user password",
        "There is an account named “{name}” already. Nothing was changed. For another password: hatkhata-server user password",
    ),
    "sign_in_refused": (
        "নাম বা পাসওয়ার্ড মেলেনি। কিছু বদলায়নি। আবার দিন, অথবা নতুন পাসওয়ার্ড নিন: hatkhata-server user password",
        "The name or the password is not right. Nothing was changed. Try again, or get another password: hatkhata-server user password",
    ),
    "role_not_enough": (
        "এই অ্যাকাউন্ট শুধু দেখতে পারে। কিছু বদলায়নি। আয়োজকের অ্যাকাউন্ট দিয়ে করুন।",
        "This account may only look. Nothing was changed. Please use an organiser's account.",
    ),
    "tls_needed": (
        "পাসওয়ার্ড খোলা লাইনে এসেছে, তাই নেওয়া হয়নি, আর কিছু বদলায়নি। https ঠিকানা দিয়ে আবার করুন আর পাসওয়ার্ডটি বদলে ফেলুন।",
        "The password came over an open line, so it was not taken, and nothing was changed. Use the https address, and change this password, please.",
    ),
    "password_short": (
        "পাসওয়ার্ডে অন্তত {shortest}টি অক্ষর দরকার। কিছু বদলায়নি।",
        "A password needs at least {shortest} characters. Nothing was changed.",
    ),
    "backup_there_already": (
        "{file} আগেই আছে, তাই তার উপর লেখা হয়নি। অন্য নাম দিন।",
        "{file} is there already and was not written over. Please give another name.",
    ),
    "server_backup_failed": (
        "ব্যাকআপ {file} রাখা গেল না। সার্ভারের তথ্য ঠিক আছে। ডিস্কের জায়গা ও অনুমতি দেখুন।",
        "The backup {file} could not be written. The server's data is safe. Please check the disk's space and permissions.",
    ),
    "pg_dump_missing": (
        "PostgreSQL-এর ব্যাকআপের জন্য pg_dump দরকার, সেটি পাওয়া গেল না। কিছু বদলায়নি।",
        "A backup of PostgreSQL needs pg_dump, which was not found. Nothing was changed.",
    ),
    "pg_dump_failed": (
        "pg_dump ব্যাকআপ শেষ করতে পারেনি ({status})। সার্ভারের তথ্য ঠিক আছে। ডাটাবেস ও তার সংস্করণ দেখুন।",
        "pg_dump could not finish the backup ({status}). The server's data is safe. Please check the database and its version.",
    ),
    "citus_missing": (
        "এই ডাটাবেসে Citus নেই, তাই ভাগ করা যায়নি। কিছু বদলায়নি।",
        "This database has no Citus, so nothing was spread. Nothing was changed.",
    ),
    "notice_id_unclear": (
        "নোটিশের পরিচয় বোঝা গেল না। দেখুন: hatkhata-server notice list",
        "The notice's identity is unclear. See: hatkhata-server notice list",
    ),
}

FIELDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("শিরোনাম", "title"),
}

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "server_listens": ("সার্ভার চলছে: {url}", "The server is running: {url}"),
    "server_stops": ("সার্ভার থেমেছে।", "The server has stopped."),
    "server_migrated": ("ডাটাবেস প্রস্তুত।", "The database is ready."),
    "server_retried": ("আটকে থাকা কাজ গৃহীত: {count}", "Held entries taken in: {count}"),
    "server_held_sales": ("বিক্রি: {count}, মোট {total}", "sales: {count}, {total} in all"),
    "server_code": (
        "যুক্ত করার কোড: {code}, {at} পর্যন্ত",
        "Pairing code: {code}, until {at}",
    ),
    "server_code_use": (
        "ল্যাপটপে চালান: hatkhata pair {url} {code}",
        "On the laptop run: hatkhata pair {url} {code}",
    ),
    "server_code_link": (
        "অথবা লিংকটি সিঙ্ক পাতায় দিন: {link}",
        "Or put this link into its Sync page: {link}",
    ),
    "server_epoch": (
        "নতুন পর্ব শুরু হয়েছে। ল্যাপটপগুলো যা হারিয়েছে তা আবার পাঠাবে।",
        "A new epoch has begun. Laptops will send again what was lost.",
    ),
    "server_restored": (
        "ব্যাকআপ ফেরানো হয়েছে: {file}",
        "The backup is in place: {file}",
    ),
    "server_set_aside": (
        "আগের ডাটাবেস রাখা আছে: {file}",
        "The database from before is kept: {file}",
    ),
    "server_password": (
        "{who}-এর পাসওয়ার্ড: {password}। এটি আর দেখানো হবে না।",
        "The password of {who}: {password}. It will not be shown again.",
    ),
    "server_done": ("হয়ে গেছে।", "Done."),
    "server_none": ("কিছু নেই।", "There is nothing."),
}

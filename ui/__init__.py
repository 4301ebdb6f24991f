"""The screen: Qt worn as a thin coat over `pos`."""

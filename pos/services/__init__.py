"""One public method is one act of the vendor and one transaction; what comes back is frozen."""

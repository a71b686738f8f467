//! Opening hours: windows, dates, zones; is this open at that instant?

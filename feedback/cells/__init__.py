"""The additive statistics: kept by touchpoint, day and slice, read by reports."""

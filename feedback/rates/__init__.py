"""Who was asked and who answered: counted by touchpoint, day and slice, and read by reports."""

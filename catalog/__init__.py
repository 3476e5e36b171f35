"""What is known beforehand, as reviewed data: indicators, units, reports, words, findings."""

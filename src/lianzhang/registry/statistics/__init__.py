"""Statistics of enterprises for those who may not see single ones: released tables under disclosure control."""

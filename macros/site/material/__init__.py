"""What knows the markup of the theme, Material for MkDocs."""

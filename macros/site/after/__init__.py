"""What completes pages once they are HTML."""

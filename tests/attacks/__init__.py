"""What somebody who means harm, or a list that nobody looked at, may send."""

"""Each library's words for our methods. Nothing here imports a library."""

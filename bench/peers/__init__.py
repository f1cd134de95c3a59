"""What newswarc is compared with, and newswarc itself, each as a command of its own."""

"""The services beside Sahara, as much of each as clients, commands and Sahara itself need."""

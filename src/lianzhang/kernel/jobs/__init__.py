"""Long work: started by a page or a command, done by the worker, with progress, cancel and retry."""

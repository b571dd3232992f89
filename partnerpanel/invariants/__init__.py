"""What must always be true of the rows, looked for by command and by beat, and shown to whoever can repair it."""

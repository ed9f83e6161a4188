// placeholder, replaced within minutes

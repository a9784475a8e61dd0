"""Charts as geometry: plain numbers for the templates to draw as SVG."""

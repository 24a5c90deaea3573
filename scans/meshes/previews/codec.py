"""The compression that viewers understand, where there is a wheel of it for this machine; None elsewhere."""

try:
    import meshopt
except ImportError:  # Previews are four times as large then, that is all.
    meshopt = None

__all__ = ["meshopt"]

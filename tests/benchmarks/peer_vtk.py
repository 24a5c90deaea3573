"""Reading with VTK, up to NumPy arrays."""

from pathlib import Path

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOGeometry import vtkOBJReader, vtkSTLReader
from vtkmodules.vtkIOPLY import vtkPLYReader

READERS = {".stl": vtkSTLReader, ".ply": vtkPLYReader, ".obj": vtkOBJReader}


def reading(path: Path, folder: Path) -> None:
    reader = READERS[path.suffix]()
    reader.SetFileName(str(path))
    reader.Update()
    found = reader.GetOutput()
    vtk_to_numpy(found.GetPoints().GetData())
    vtk_to_numpy(found.GetPolys().GetConnectivityArray())

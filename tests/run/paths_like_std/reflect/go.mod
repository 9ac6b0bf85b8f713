module reflect.example/methods

go 1.26

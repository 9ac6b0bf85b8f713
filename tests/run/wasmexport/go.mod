module example/wasmexport

go 1.26

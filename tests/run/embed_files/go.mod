module example/embed_files

go 1.26

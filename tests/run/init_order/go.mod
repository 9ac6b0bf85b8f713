module example/init_order

go 1.26

module example/testing_main

go 1.26

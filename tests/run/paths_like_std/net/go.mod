module net.example.com/cleaned

go 1.26

package _



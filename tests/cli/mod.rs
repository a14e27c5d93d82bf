//! The program as its user meets it: exit codes, words, files, and what interrupts it.

mod calibrate;
mod cases;
mod commands;
mod compare;
mod estimate;
mod explain;
mod fixture;
mod folder;
mod full_disk;
mod help;
mod in_chinese;
mod interrupt;
mod languages;
mod openings;
mod paper;
mod rebuilt;
mod replay;
mod report;
mod results;
mod room;
mod same_bytes;
mod search;
mod shares;
mod summary;
mod swept;
mod words;

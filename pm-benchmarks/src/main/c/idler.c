/*
 * An idle child: reads the file in its argument until its end. A thousand of these start faster than a thousand cats, so it
 * includes nothing and is linked statically if the system can.
 */
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char bytes[64];
    int file = argc > 1 ? open(argv[1], O_RDONLY | O_NONBLOCK) : -1; /* does not block without its parent */
    if (file < 0 || fcntl(file, F_SETFL, 0) < 0) return 1;
    while (read(file, bytes, sizeof bytes) > 0);
    return 0;
}

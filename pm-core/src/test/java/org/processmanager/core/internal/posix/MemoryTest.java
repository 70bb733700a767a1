package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MemoryTest extends PosixTest {
    private static final int SIZE = 8192;

    @Test
    void sharedMapping_showsTheFile() {
        String file = path(tmp.path("file"));
        int fd = closing(Files.open(file, Files.O_RDWR | Files.O_CREAT, 0600));
        Files.allocate(fd, SIZE, file);
        long first = Memory.mapShared(fd, SIZE, file);
        long second = Memory.mapShared(fd, SIZE, file);
        try {
            Memory.view(first, SIZE).putLong(4096, 0x1122334455667788L);
            assertEquals(0x1122334455667788L, Memory.view(second, SIZE).getLong(4096));
        } finally {
            Memory.unmap(first, SIZE);
            Memory.unmap(second, SIZE);
        }
    }

    @Test
    void replacedMapping_isPrivateAndEmpty() {
        int fd = closing(Memory.createMemoryFile("replaced"));
        Files.allocate(fd, SIZE, "memory file");
        long address = Memory.mapShared(fd, SIZE, "memory file");
        long other = Memory.mapShared(fd, SIZE, "memory file");
        try {
            ByteBuffer view = Memory.view(address, SIZE);
            view.putInt(0, 42);
            Memory.replaceByPrivate(address, SIZE, "memory file");
            assertEquals(0, view.getInt(0));
            view.putInt(0, 7);
            assertEquals(42, Memory.view(other, SIZE).getInt(0));
        } finally {
            Memory.unmap(address, SIZE);
            Memory.unmap(other, SIZE);
        }
    }

    @Test
    void sealedFile_neitherShrinksNorGrows() {
        int fd = closing(Memory.createMemoryFile("sealed"));
        Files.allocate(fd, SIZE, "memory file");
        Memory.sealSize(fd);
        PosixException refused = assertThrows(PosixException.class, () -> Files.allocate(fd, SIZE * 2L, "memory file"));
        assertTrue(refused.is(Errno.EPERM), refused::getMessage);
        assertTrue(assertThrows(PosixException.class, () -> Memory.sealSize(fd)).is(Errno.EPERM));
    }

    @Test
    void badMapping_failsWithItsSubject() {
        PosixException bad = assertThrows(PosixException.class, () -> Memory.mapShared(-1, SIZE, "nothing"));
        assertTrue(bad.is(Errno.EBADF));
        assertTrue(bad.getMessage().contains("8192 bytes of nothing"), bad::getMessage);
    }
}

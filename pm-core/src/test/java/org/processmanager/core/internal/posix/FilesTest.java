package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FilesTest extends PosixTest {
    private static final int EAGAIN = -Errno.EAGAIN.number();

    @Test
    void pipe_carriesArraysAndBuffers() {
        int[] pipe = closing(Files.pipe(true));
        byte[] got = new byte[10];
        assertEquals(EAGAIN, Files.read(pipe[0], got, 10));
        assertEquals(3, Files.write(pipe[1], new byte[] {1, 2, 3, 4}, 3));
        assertEquals(3, Files.readable(pipe[0]));
        assertEquals(3, Files.read(pipe[0], got, 10));
        assertArrayEquals(new byte[] {1, 2, 3}, Arrays.copyOf(got, 3));

        ByteBuffer direct =
                ByteBuffer.allocateDirect(8).put(new byte[] {9, 8, 7, 6}).flip();
        direct.position(1);
        assertEquals(3, Files.write(pipe[1], direct));
        assertEquals(4, direct.position());
        assertEquals(3, Files.read(pipe[0], got, 10));
        assertArrayEquals(new byte[] {8, 7, 6}, Arrays.copyOf(got, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> Files.read(pipe[0], got, 11));
        assertThrows(IndexOutOfBoundsException.class, () -> Files.write(pipe[1], got, -1));
    }

    @Test
    void pipe_reportsEndOfFileAndBrokenPipe() {
        int[] pipe = closing(Files.pipe(true));
        close(pipe[1]);
        assertEquals(0, Files.read(pipe[0], new byte[1], 1));
        int[] broken = closing(Files.pipe(true));
        close(broken[0]);
        assertEquals(-Errno.EPIPE.number(), Files.write(broken[1], new byte[1], 1));
    }

    @Test
    void nonBlocking_isSetAndCleared() {
        int[] pipe = closing(Files.pipe(false));
        Files.setNonBlocking(pipe[0], true);
        assertEquals(EAGAIN, Files.read(pipe[0], new byte[1], 1));
        int full = 0;
        Files.setNonBlocking(pipe[1], true);
        for (int n; (n = Files.write(pipe[1], new byte[4096], 4096)) > 0; ) {
            full += n;
        }
        assertTrue(full >= Files.PIPE_BUF, "capacity " + full);
        assertTrue(Files.growPipe(pipe[1], 256 * 1024) >= full);
    }

    @Test
    void duplicate_hasTheRequestedNumber() {
        int[] pipe = closing(Files.pipe(true));
        int copy = closing(Files.duplicate(pipe[1], 200));
        assertTrue(copy >= 200);
        assertTrue(Files.status(copy).sameFile(Files.status(pipe[1])));
        assertTrue(Files.isOpen(copy));
        close(copy);
        assertFalse(Files.isOpen(copy));
        assertTrue(assertThrows(PosixException.class, () -> Files.close(copy)).is(Errno.EBADF));
    }

    @Test
    void descriptors_areCloseOnExec() throws Exception {
        int[] pipe = closing(Files.pipe(false));
        assertCloseOnExec(pipe[0]);
        assertCloseOnExec(pipe[1]);
        assertCloseOnExec(closing(Files.duplicate(pipe[0], 10)));
        assertCloseOnExec(closing(Files.open("/dev/null", Files.O_RDONLY, 0)));
        assertCloseOnExec(closing(Poll.create()));
        assertCloseOnExec(closing(Poll.createEventCounter()));
        assertCloseOnExec(closing(Wait.openPidfd(Wait.getpid())));
        assertCloseOnExec(closing(Memory.createMemoryFile("closed")));
        Files.setCloseOnExec(pipe[0], false);
        assertThrows(AssertionError.class, () -> assertCloseOnExec(pipe[0]));
    }

    @Test
    void fifo_opensWhenBothEndsExist() {
        String fifo = path(tmp.path("fifo"));
        assertTrue(Files.makeFifo(fifo, 0600));
        assertFalse(Files.makeFifo(fifo, 0600));
        assertTrue(Files.status(fifo).isFifo());
        assertEquals(0600, Files.status(fifo).mode() & 0xfff);
        assertEquals(-Errno.ENXIO.number(), Files.tryOpen(fifo, Files.O_WRONLY | Files.O_NONBLOCK, 0));
        int reader = closing(Files.open(fifo, Files.O_RDONLY | Files.O_NONBLOCK, 0));
        int writer = closing(Files.open(fifo, Files.O_WRONLY | Files.O_NONBLOCK, 0));
        assertEquals(2, Files.write(writer, new byte[2], 2));
        assertEquals(2, Files.readable(reader));
    }

    @Test
    void open_createsOrFailsWithErrno() {
        String file = path(tmp.path("file"));
        PosixException missing = assertThrows(PosixException.class, () -> Files.open(file, Files.O_RDONLY, 0));
        assertTrue(missing.is(Errno.ENOENT));
        assertTrue(missing.getMessage().contains(file), missing::getMessage);
        closing(Files.open(file, Files.O_RDWR | Files.O_CREAT | Files.O_EXCL, 0600));
        assertEquals(-Errno.EEXIST.number(), Files.tryOpen(file, Files.O_RDWR | Files.O_CREAT | Files.O_EXCL, 0600));
        assertTrue(Files.status(file).isRegular());
        assertEquals(Files.effectiveUserId(), Files.status(file).owner());
    }

    @Test
    void noFollow_rejectsSymbolicLinks() throws Exception {
        Path target = java.nio.file.Files.createFile(tmp.path("target"));
        Path link = java.nio.file.Files.createSymbolicLink(tmp.path("link"), target);
        assertEquals(-Errno.ELOOP.number(), Files.tryOpen(path(link), Files.O_RDONLY | Files.O_NOFOLLOW, 0));
        assertEquals("symbolic link", Files.status(path(link)).type());
    }

    @Test
    void status_describesTheFile() throws Exception {
        Path file = java.nio.file.Files.write(tmp.path("file"), new byte[1234]);
        FileStatus status = Files.status(path(file));
        assertEquals(1234, status.size());
        assertEquals(java.nio.file.Files.getAttribute(file, "unix:ino"), status.inode());
        assertTrue(Files.unlink(path(file)));
        assertFalse(Files.unlink(path(file)));
    }

    @Test
    void link_createsASecondNameOnce() throws Exception {
        String file = path(java.nio.file.Files.createFile(tmp.path("file")));
        String second = path(tmp.path("second"));
        assertTrue(Links.link(file, second));
        assertFalse(Links.link(file, second));
        assertTrue(Files.status(second).sameFile(Files.status(file)));
        assertTrue(assertThrows(PosixException.class, () -> Links.link(path(tmp.path("none")), path(tmp.path("x"))))
                .is(Errno.ENOENT));

        String named = path(tmp.path("named"));
        int unnamed = Files.tryOpen(path(tmp.directory()), Files.O_TMPFILE | Files.O_RDWR, 0600);
        if (unnamed >= 0) {
            closing(unnamed);
            assertTrue(Links.link(unnamed, named));
            assertTrue(Files.status(unnamed).sameFile(Files.status(named)));
            assertFalse(Links.link(unnamed, second));
        }
    }

    @Test
    void allocate_reservesSpaceOrFails() {
        String file = path(tmp.path("file"));
        int fd = closing(Files.open(file, Files.O_RDWR | Files.O_CREAT, 0600));
        Files.allocate(fd, 1_000_000, file);
        assertEquals(1_000_000, Files.status(fd).size());
        // More than any file system here has; which of the two errors depends on the file system.
        PosixException full = assertThrows(PosixException.class, () -> Files.allocate(fd, 1L << 50, file));
        assertTrue(full.is(Errno.ENOSPC) || full.is(Errno.EFBIG), full::getMessage);
        assertTrue(full.getMessage().contains(file), full::getMessage);
    }

    @Test
    void replace_closesWhatTheDescriptorReferredTo() {
        int[] pipe = Files.pipe(true);
        int reference = Files.open("/proc/self/fd/" + pipe[0], Files.O_PATH, 0);
        assertEquals(Files.O_RDONLY, Files.flags(pipe[0]) & Files.O_ACCMODE);
        assertEquals(Files.O_WRONLY, Files.flags(pipe[1]) & Files.O_ACCMODE);
        Files.replace(pipe[1], reference);
        assertTrue((Files.flags(pipe[1]) & Files.O_PATH) != 0);
        assertEquals(0, Files.read(pipe[0], new byte[1], 1), "the writing end is closed");
        for (int fd : new int[] {pipe[0], pipe[1], reference}) {
            Files.close(fd);
        }
        assertThrows(PosixException.class, () -> Files.replace(pipe[1], reference));
        assertThrows(PosixException.class, () -> Files.flags(reference));
    }

    @Test
    void makeDirectory_succeedsOnce() {
        String directory = path(tmp.path("directory"));
        assertTrue(Files.makeDirectory(directory, 0700));
        assertFalse(Files.makeDirectory(directory, 0700));
        assertTrue(FileChecks.isDirectory(directory));
        assertTrue(Files.status(directory).isDirectory());
        assertFalse(FileChecks.isDirectory(path(tmp.path("none"))));
    }

    @Test
    void mayExecute_returnsTheErrno() throws Exception {
        Path file = java.nio.file.Files.createFile(tmp.path("file"));
        java.nio.file.Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertEquals(Errno.EACCES.number(), FileChecks.mayExecute(path(file)));
        assertEquals(Errno.ENOENT.number(), FileChecks.mayExecute(path(tmp.path("none"))));
        assertEquals(Errno.ENOTDIR.number(), FileChecks.mayExecute(file + "/x"));
        java.nio.file.Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(0, FileChecks.mayExecute(path(file)));
    }
}

package org.processmanager.core.internal.posix;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Shared mappings and memory files. */
public final class Memory {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_SEAL_SEAL = 1;
    private static final int F_SEAL_SHRINK = 2;
    private static final int F_SEAL_GROW = 4;

    private static final RefusedCall MEMFD_CREATE = new RefusedCall("memfd_create", "files with names are used");
    private static volatile boolean memoryFilesTried;

    private Memory() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

        static native int munmap(long address, long length);

        static native int memfd_create(byte[] name, int flags);

        static native int fcntl(int fd, int command, long argument);
    }

    /** Maps {@code length} bytes of a file from its start, shared, for reading and writing; returns the address. */
    public static long mapShared(int fd, long length, String subject) {
        return map(0, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, subject);
    }

    /**
     * Replaces a mapping by private, zeroed memory, atomically: a thread that still reads or writes there accesses memory of
     * this process alone instead of causing a fault. Pages cost nothing until they are touched.
     */
    public static void replaceByPrivate(long address, long length, String subject) {
        map(
                address,
                length,
                PROT_READ | PROT_WRITE,
                MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                -1,
                subject);
    }

    /** Unmaps a range. Any later access to it crashes the JVM. */
    public static void unmap(long address, long length) {
        if (C.munmap(address, length) != 0) {
            throw new PosixException("munmap", length + " bytes", NativeLayer.errno());
        }
    }

    /** Returns a view of mapped memory in native byte order. It does not keep the mapping alive. */
    public static ByteBuffer view(long address, int length) {
        return new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
    }

    /** Returns whether {@link #createMemoryFile} is not refused, which the first call tries. */
    public static boolean hasMemoryFiles() {
        if (!memoryFilesTried) {
            int fd = C.memfd_create(CStrings.terminated("pm-test"), MFD_CLOEXEC);
            if (fd >= 0) {
                Files.close(fd);
            } else if (!MEMFD_CREATE.isRefusedBy(NativeLayer.errno())) {
                return true; // not decided: no descriptor may be free
            }
            memoryFilesTried = true;
        }
        return !MEMFD_CREATE.isRefused();
    }

    /** Creates a memory file, close-on-exec, that can be {@linkplain #sealSize sealed}; returns its descriptor. */
    public static int createMemoryFile(String name) {
        int fd = C.memfd_create(CStrings.terminated(name), MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (fd < 0) {
            throw new PosixException("memfd_create", name, NativeLayer.errno());
        }
        return fd;
    }

    /** Fixes the size of a memory file for its lifetime: a mapping of it can then never fault. */
    public static void sealSize(int fd) {
        if (C.fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
            throw new PosixException("fcntl F_ADD_SEALS", "descriptor " + fd, NativeLayer.errno());
        }
    }

    private static long map(long address, long length, int protection, int flags, int fd, String subject) {
        long mapped = C.mmap(address, length, protection, flags, fd, 0);
        if (mapped == -1) {
            throw new PosixException("mmap", length + " bytes of " + subject, NativeLayer.errno());
        }
        return mapped;
    }
}

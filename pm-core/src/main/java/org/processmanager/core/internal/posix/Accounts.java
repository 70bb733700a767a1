package org.processmanager.core.internal.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Users and groups, looked up in the name service of the system. */
public final class Accounts {
    private static final int FIRST_BUFFER = 4096;
    private static final int LARGEST_BUFFER = 1 << 22;
    private static final int STRUCT_SIZE = 128;
    private static final int FIRST_GROUPS = 64;
    private static final int ERANGE = 34;

    private Accounts() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int getpwnam_r(byte[] name, Pointer entry, Pointer buffer, long size, PointerByReference found);

        static native int getpwuid_r(int uid, Pointer entry, Pointer buffer, long size, PointerByReference found);

        static native int getgrnam_r(byte[] name, Pointer entry, Pointer buffer, long size, PointerByReference found);

        static native int getgrouplist(byte[] user, int group, int[] groups, int[] count);

        static native int getegid();
    }

    /**
     * A user.
     *
     * @param name the login name
     * @param uid the user id
     * @param gid the id of the primary group
     * @param home the home directory
     * @param shell the login shell
     */
    public record User(String name, int uid, int gid, String home, String shell) {}

    private interface Lookup {
        int look(Pointer entry, Pointer buffer, long size, PointerByReference found);
    }

    private interface Reader<T> {
        T read(Pointer entry);
    }

    /** Returns the user with this name, or null. */
    public static @Nullable User user(String name) {
        byte[] key = CStrings.terminated(name);
        return find("getpwnam_r", name, Accounts::readUser, (e, b, n, found) -> C.getpwnam_r(key, e, b, n, found));
    }

    /** Returns the user with this id, or null. */
    public static @Nullable User user(int uid) {
        return find(
                "getpwuid_r",
                Integer.toUnsignedString(uid),
                Accounts::readUser,
                (e, b, n, found) -> C.getpwuid_r(uid, e, b, n, found));
    }

    /** Returns the id of the group with this name, or null. */
    public static @Nullable Integer group(String name) {
        byte[] key = CStrings.terminated(name);
        // struct group: name * at 0, password * at 8, gid u32 at 16
        return find(
                "getgrnam_r", name, entry -> entry.getInt(16), (e, b, n, found) -> C.getgrnam_r(key, e, b, n, found));
    }

    /** Returns the ids of all groups of a user, including the primary group. */
    public static List<Integer> groupsOf(User user) {
        byte[] name = CStrings.terminated(user.name());
        int[] groups = new int[FIRST_GROUPS];
        int[] count = {groups.length};
        while (C.getgrouplist(name, user.gid(), groups, count) < 0) {
            groups = new int[Math.max(count[0], groups.length * 2)];
            count[0] = groups.length;
        }
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < count[0]; i++) {
            list.add(groups[i]);
        }
        return list;
    }

    /** Returns the effective group id of this process. */
    public static int effectiveGroupId() {
        return C.getegid();
    }

    /** A missing entry is reported by a null pointer, by some modules of the name service by an error number instead. */
    private static <T> @Nullable T find(String call, String key, Reader<T> reader, Lookup lookup) {
        PointerByReference found = new PointerByReference();
        for (int size = FIRST_BUFFER; ; size *= 4) {
            try (Memory entry = new Memory(STRUCT_SIZE);
                    Memory buffer = new Memory(size)) {
                int errno = lookup.look(entry, buffer, size, found);
                if (errno == 0) {
                    return found.getValue() == null ? null : reader.read(entry);
                }
                if (errno != ERANGE || size >= LARGEST_BUFFER) {
                    if (Errno.ENOENT.is(errno) || Errno.ESRCH.is(errno) || Errno.EPERM.is(errno)) {
                        return null;
                    }
                    throw new PosixException(call, key, errno);
                }
            }
        }
    }

    /** struct passwd: name * at 0, password * at 8, uid u32 at 16, gid u32 at 20, comment * at 24, home * at 32, shell *. */
    private static User readUser(Pointer entry) {
        return new User(
                text(entry, 0),
                entry.getInt(16),
                entry.getInt(20),
                text(entry, 2L * Native.POINTER_SIZE + 16),
                text(entry, 3L * Native.POINTER_SIZE + 16));
    }

    private static String text(Pointer entry, long offset) {
        Pointer text = entry.getPointer(offset);
        return text == null ? "" : text.getString(0, StandardCharsets.UTF_8.name());
    }
}

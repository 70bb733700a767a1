package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void describe_namesKnownErrorsAndNumbersOthers() {
        assertEquals("permission denied (EACCES)", Errno.describe(13));
        assertEquals("errno 77", Errno.describe(77));
        assertEquals("errno -1", Errno.describe(-1));
        assertEquals("errno 100000", Errno.describe(100_000));
        for (Errno errno : Errno.values()) {
            assertEquals(errno, Errno.of(errno.number()));
        }
        assertNull(Errno.of(0));
    }

    @Test
    void exception_hasCallSubjectAndReason() {
        PosixException e = new PosixException("open", "/x", 2);
        assertEquals("open /x failed: no such file or directory (ENOENT)", e.getMessage());
        assertTrue(e.is(Errno.ENOENT));
        assertFalse(e.is(Errno.EACCES));
        assertEquals(2, e.errno());
    }
}

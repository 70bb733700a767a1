package org.processmanager.core.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Tmp;

/** How the files of a control group are read; the kernel's own are tried where processes run in one. */
class CgroupTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void mount_isFoundAnywhere() {
        assertEquals(
                "/sys/fs/cgroup/unified",
                Cgroup.mount("41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw"));
        assertEquals(
                "/mnt/a b\\é",
                Cgroup.mount(
                        "41 31 0:38 / /mnt/a\\040b\\134\u00c3\u00a9 rw shared:4 master:1 - cgroup2 none rw,nsdelegate"));
        assertNull(Cgroup.mount("32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu"));
        assertNull(Cgroup.mount("23 28 0:21 / /cgroup2 rw - tmpfs cgroup2 rw"));
        assertNull(Cgroup.mount(""));
    }

    @Test
    void oomKills_areReadFromTheEvents() throws Exception {
        Assumptions.assumeTrue(NativeLayer.available(), "reads through the native layer");
        Cgroup group = Cgroup.open(tmp.directory().toString());
        assertEquals(0, group.outOfMemoryKills(), "without the memory controller");
        Files.writeString(tmp.path("memory.events"), "low 0\nhigh 5\nmax 17\noom 2\noom_kill 3\noom_group_kill 1\n");
        assertEquals(3, group.outOfMemoryKills());
    }

    @Test
    void existingCgroup_isNotRemoved() throws Exception {
        Assumptions.assumeTrue(NativeLayer.available(), "creates directories through the native layer");
        Cgroup found = Cgroup.open(tmp.directory().toString());
        assertTrue(found.remove());
        assertTrue(Files.exists(tmp.directory()));
        Cgroup made = Cgroup.open(tmp.path("made").toString());
        assertTrue(Files.exists(tmp.path("made")));
        assertTrue(made.remove());
        assertTrue(Files.notExists(tmp.path("made")));
        assertTrue(made.remove(), "again");
    }
}

package org.processmanager.core.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcStatTest {
    @Test
    void parse_acceptsAnyName() {
        String line = "4711 (a) b (c) R 1 22 33 0 -1 4194560 5 6 7 8 9 10 11 12 20 0 1 0 987654 1 2 3";
        ProcStat stat = ProcStat.parse(line);
        assertEquals(new ProcStat(4711, 'R', 1, 22, 33, 987654), stat);
        assertTrue(stat.isAlive());
        assertFalse(stat.isSuspended());
        assertFalse(ProcStat.parse(line.replace(" R ", " Z ")).isAlive());
        assertTrue(ProcStat.parse(line.replace(" R ", " T ")).isSuspended());
    }

    @Test
    void identity_isPidAndStartTime() {
        ProcStat stat = new ProcStat(1, 'R', 0, 1, 1, 100);
        assertTrue(stat.isSameProcess(new ProcStat(1, 'Z', 5, 1, 1, 100)));
        assertFalse(stat.isSameProcess(new ProcStat(1, 'R', 0, 1, 1, 101)));
        assertFalse(stat.isSameProcess(null));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void all_containsThisProcess() {
        int self = Math.toIntExact(ProcessHandle.current().pid());
        Map<Integer, ProcStat> all = ProcStat.all();
        ProcStat own = all.get(self);
        assertNotNull(own);
        assertEquals(ProcessHandle.current().parent().orElseThrow().pid(), own.parent());
        assertTrue(own.isSameProcess(ProcStat.of(self)));
        assertNull(ProcStat.of(Integer.MAX_VALUE));
    }
}

package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A launcher that can set none of the attributes says so, for each by its name, and starts nothing. */
abstract class AttributesRefusedContract extends LauncherContract {
    private static final Map<String, UnaryOperator<Command>> ATTRIBUTES = new LinkedHashMap<>();

    static {
        ATTRIBUTES.put("argv0", command -> command.argv0("other"));
        ATTRIBUTES.put("dieWithParent", Command::dieWithParent);
        ATTRIBUTES.put("limits", command -> command.limits(l -> l.openFiles(64)));
        ATTRIBUTES.put("umask", command -> command.umask(0));
        ATTRIBUTES.put("nice", command -> command.nice(5));
        ATTRIBUTES.put("ioNice", command -> command.ioNice(IoPriority.idle()));
        ATTRIBUTES.put("affinity", command -> command.affinity(0));
        ATTRIBUTES.put("user", command -> command.user("nobody"));
        ATTRIBUTES.put("group", command -> command.group("0"));
        ATTRIBUTES.put("supplementaryGroups", Command::supplementaryGroups);
        ATTRIBUTES.put("cgroup", command -> command.cgroup(Path.of("pm")));
        ATTRIBUTES.put("processGroup", Command::processGroup);
        ATTRIBUTES.put("newSession", Command::newSession);
    }

    @Test
    void attribute_isRefusedByNameBeforeStart() {
        Path trace = tmp.path("trace");
        Command touch = pm.command("touch", trace.toString());
        ATTRIBUTES.forEach((name, attribute) -> {
            UnsupportedOperationException refused = assertThrows(
                    UnsupportedOperationException.class,
                    () -> attribute.apply(touch).run());
            assertTrue(refused.getMessage().startsWith(name + " cannot be had"), refused::getMessage);
        });
        assertEquals(List.of(), pm.processes());
        assertTrue(Files.notExists(trace));
    }
}

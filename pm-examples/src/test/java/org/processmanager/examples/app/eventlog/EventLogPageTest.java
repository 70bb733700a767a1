package org.processmanager.examples.app.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.fixtures.Project;

/** The page that describes the log, beside what writes and reads it. */
class EventLogPageTest {
    private static final Pattern TYPE = Pattern.compile("\"type\":\"([^\"]+)\"");

    private final String page = Project.read(Project.root().resolve("docs/event-log.md"));

    @Test
    void examples_areWhatTheLogHolds(@TempDir Path directory) throws Exception {
        List<String> examples =
                page.lines().filter(line -> line.startsWith("{")).toList();
        Path file = Files.write(directory.resolve("log"), examples);
        EventLog.Contents contents = EventLog.at(file).read();
        assertEquals(examples, contents.records().stream().map(EventLog::toJson).toList());
    }

    @Test
    void everyTypeAndField_isDescribed() {
        Set<String> types = new TreeSet<>();
        for (LogRecord entry : EventLogTest.oneRecordOfEach()) {
            String json = EventLog.toJson(entry);
            Matcher type = TYPE.matcher(json);
            assertTrue(type.find());
            types.add(type.group(1));
            Set<String> fields = Pattern.compile("\"(\\w+)\":")
                    .matcher(json)
                    .results()
                    .map(field -> field.group(1))
                    .collect(Collectors.toSet());
            for (String field : fields) {
                assertTrue(page.contains("`" + field + "`"), () -> field + " of " + json);
            }
        }
        Set<String> described = Pattern.compile("(?m)^\\| `(\\w+\\.\\w+)` \\|")
                .matcher(page)
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(types, described);
    }
}

package org.processmanager.examples.app.cli.up;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.processmanager.examples.app.cli.up.Service.MistakeException;
import org.processmanager.examples.app.cli.up.Service.Position;

/** The format of Procfiles: a line {@code name: command line} for each process; empty lines and those with # do not count. */
final class Procfile {
    private static final Pattern LINE = Pattern.compile("\\s*([^\\s:#]+)\\s*:(.*)");

    private Procfile() {}

    /**
     * Reads the text of a file.
     *
     * @param directory where its processes run
     * @throws MistakeException if it is malformed
     */
    static List<Service> parse(String text, Path directory) {
        List<Service> services = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Matcher form = LINE.matcher(line);
            if (!form.matches()) {
                int column = line.length() - line.stripLeading().length() + 1;
                throw new MistakeException(
                        new Position(number, column), "'" + line.strip() + "' (expected: name: command line)");
            }
            Position position = new Position(number, form.start(1) + 1);
            String script = form.group(2).strip();
            if (script.isEmpty()) {
                throw new MistakeException(
                        new Position(number, form.start(2) + 1),
                        form.group(1) + " has no command line (expected: name: command line)");
            }
            services.add(Service.ofShell(form.group(1), position, script, directory));
        }
        return services;
    }
}

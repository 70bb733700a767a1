package org.processmanager.examples;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.processmanager.fixtures.Project;

/** The page of the examples: what it says that each of them prints. */
final class ExamplesPage {
    private static final String PAGE =
            Project.read(Project.root().resolve("pm-examples").resolve("README.md"));

    private ExamplesPage() {}

    /** Returns the output that follows the command of an example on the page. */
    static String output(Class<?> example) {
        String name =
                example.getName().substring(ExamplesPage.class.getPackageName().length() + 1);
        Matcher matcher = Pattern.compile(
                        "\\nrun " + Pattern.quote(name) + "(?: [^\\n]*)?\\n```\\n\\n```text\\n(.*?)```\\n",
                        Pattern.DOTALL)
                .matcher(PAGE);
        if (!matcher.find()) {
            throw new AssertionError("pm-examples/README.md has no command and output of " + name);
        }
        return matcher.group(1);
    }
}

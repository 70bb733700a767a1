package org.processmanager.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.processmanager.fixtures.Project;

class ExamplesPageTest {
    @Test
    void page_hasEachExample() throws ClassNotFoundException {
        List<Path> examples = Project.javaFiles("pm-examples", "main").stream()
                .filter(file -> file.toString().matches(".*/examples/(process|sync|ipc)/[^/]*\\.java"))
                .filter(file -> Project.read(file).contains("public static void main("))
                .toList();
        assertTrue(examples.size() > 20, examples::toString);
        for (Path file : examples) {
            String name = file.getParent().getFileName() + "."
                    + file.getFileName().toString().replace(".java", "");
            assertFalse(
                    ExamplesPage.output(Class.forName("org.processmanager.examples." + name))
                            .isEmpty(),
                    name);
        }
    }

    @Test
    void output_ofUnknownExample_isRefused() {
        assertThrows(AssertionError.class, () -> ExamplesPage.output(Project.class));
    }
}

package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class OutputFormsTest {
    @Nested
    class Posix extends OutputFormsContract {}

    @Nested
    class Jdk extends OutputFormsContract {}
}

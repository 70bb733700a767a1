package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class OpenResourcesTest {
    @Nested
    class Posix extends OpenResourcesContract {}

    @Nested
    class Jdk extends OpenResourcesContract {}
}

package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class AttributesTest {
    @Nested
    class Posix extends AttributesContract {}

    @Nested
    class Jdk extends AttributesRefusedContract {}
}

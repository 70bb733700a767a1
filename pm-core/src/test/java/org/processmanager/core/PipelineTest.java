package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class PipelineTest {
    @Nested
    class Posix extends PipelineContract {}

    @Nested
    class Jdk extends PipelineContract {}
}

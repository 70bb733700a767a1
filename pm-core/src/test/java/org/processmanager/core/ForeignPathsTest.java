package org.processmanager.core;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.NullArguments;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** No program can open a path of another file system, such as an entry of an archive. */
class ForeignPathsTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    @Scenario("public-launch/1")
    void pathInAnArchive_isRefusedByEachMethod() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(tmp.path("a.zip"), Map.of("create", "true"));
                ProcessManager pm = ProcessManager.create()) {
            Path foreign = zip.getPath("/etc/passwd");
            NullArguments paths = new NullArguments().foreign(foreign).sample(String.class, "x");
            for (Object value : new Object[] {Command.of("true"), Output.discard(), Input.empty(), pm}) {
                paths.check(value.getClass(), value);
            }
            paths.check(CommandAttributes.class, Command.of("true"))
                    .check(Inheritable.class, null)
                    .check(InheritedResources.class, null)
                    .check(JavaOptions.class, JavaOptions.none())
                    .check(StopPolicy.class, StopPolicy.defaults())
                    .check(ResourceLimits.class, ResourceLimits.none())
                    .assertRefused();
        }
    }
}

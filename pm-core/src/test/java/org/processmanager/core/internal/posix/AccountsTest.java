package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.fixtures.LeakCheck;

/** Users and groups, held against what {@code getent} and {@code id} say of them. */
class AccountsTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    private static final int MOST = 4;

    @BeforeEach
    void needsTheNativeLayer() {
        Assumptions.assumeTrue(NativeLayer.available());
    }

    @Test
    void user_matchesTheSystem() throws Exception {
        for (String line : lines("getent", "passwd")) {
            String[] fields = line.split(":", -1);
            Accounts.User user = Accounts.user(fields[0]);
            assertEquals(
                    new Accounts.User(
                            fields[0],
                            Integer.parseUnsignedInt(fields[2]),
                            Integer.parseUnsignedInt(fields[3]),
                            fields[5],
                            fields[6]),
                    user);
            assertNotNull(Accounts.user(Integer.parseUnsignedInt(fields[2])));
        }
        assertNull(Accounts.user("no-such-user"));
        assertNull(Accounts.user(1_999_999_999));
    }

    @Test
    void groups_matchTheSystem() throws Exception {
        Set<String> members = new TreeSet<>(List.of("root"));
        for (String line : lines("getent", "group")) {
            String[] fields = line.split(":", -1);
            assertEquals(Integer.parseUnsignedInt(fields[2]), Accounts.group(fields[0]));
            if (!fields[3].isEmpty()) {
                members.addAll(List.of(fields[3].split(",")));
            }
        }
        assertNull(Accounts.group("no-such-group"));
        for (String member : members.stream().limit(MOST).toList()) {
            Accounts.User user = Accounts.user(member);
            if (user != null) {
                Set<String> groups = new TreeSet<>();
                Accounts.groupsOf(user).forEach(group -> groups.add(Integer.toUnsignedString(group)));
                assertEquals(
                        new TreeSet<>(List.of(lines("id", "-G", member).get(0).split(" "))), groups);
            }
        }
    }

    private static List<String> lines(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return output.lines().toList();
    }
}

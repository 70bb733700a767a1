package org.processmanager.core.internal.manager;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.internal.launch.spec.LaunchSpec;

/** Gives the other packages of this module what a {@link Command} does not publish. Set when that class is initialized. */
public abstract class CommandAccess {
    private static volatile @Nullable CommandAccess instance;

    /** Returns the attributes of a command. */
    public abstract LaunchSpec specOf(Command command);

    /**
     * Returns how it is known that the process of a command is ready, as text that can be stored; empty if that is not set.
     *
     * @throws IllegalArgumentException if it cannot be stored
     */
    public abstract Map<String, String> readinessOf(Command command);

    /** Creates a command that runs on a manager. */
    public abstract Command create(LaunchSpec spec, ProcessManager manager);

    public static void set(CommandAccess access) {
        instance = access;
    }

    public static CommandAccess get() {
        CommandAccess known = instance;
        if (known == null) {
            known = instance = initialized();
        }
        return known;
    }

    private static CommandAccess initialized() {
        var unused = Command.of("true"); // initializes the class, which calls set(..)
        CommandAccess known = instance;
        if (known == null) {
            throw new AssertionError(unused + " did not set it");
        }
        return known;
    }
}

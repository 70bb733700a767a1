package org.processmanager.core.internal.launch.posix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.Accounts;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Privileges;
import org.processmanager.core.internal.posix.Privileges.Capability;

/**
 * The user and groups of a program, with names resolved and the permissions of this JVM checked.
 *
 * @param arguments the arguments of {@code setpriv}; empty if nothing changes
 * @param variables the environment variables that describe the user
 */
record Credentials(List<String> arguments, Map<String, String> variables) {
    private static final int MAX_DIGITS = 10;
    /** The largest id; the next number means "unchanged" to the kernel. */
    private static final long HIGHEST_ID = 0xffff_fffeL;

    /** Changes nothing. */
    static final Credentials SAME = new Credentials(List.of(), Map.of());

    /**
     * Returns the credentials of a command.
     *
     * @throws LaunchException with {@link LaunchException.Reason#UNKNOWN_USER} if a user or group is missing
     * @throws LaunchException with {@link LaunchException.Reason#ATTRIBUTE_REFUSED} if this JVM may not change to them
     */
    static Credentials of(LaunchSpec spec) {
        if (!spec.hasCredentials()) {
            return SAME;
        }
        try {
            return resolve(spec);
        } catch (PosixException e) {
            throw new LaunchException(
                    LaunchException.Reason.OTHER, "cannot start " + spec.program() + ": " + e.getMessage(), e);
        }
    }

    /** Returns an environment with the variables of the user that the command does not set itself. */
    EnvironmentSpec in(EnvironmentSpec environment) {
        EnvironmentSpec changed = environment;
        if (!environment.cleared()) {
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                if (!environment.changes().containsKey(variable.getKey())) {
                    changed = changed.with(variable.getKey(), variable.getValue());
                }
            }
        }
        return changed;
    }

    private static Credentials resolve(LaunchSpec spec) {
        List<String> arguments = new ArrayList<>();
        Map<String, String> variables = new LinkedHashMap<>();
        String userName = spec.user();
        Accounts.User user = null;
        int gid = Accounts.effectiveGroupId();
        boolean anotherUser = false;
        if (userName != null) {
            int uid;
            user = user(userName);
            if (user != null) {
                uid = user.uid();
                gid = user.gid();
                variables.put("HOME", user.home());
                variables.put("USER", user.name());
                variables.put("LOGNAME", user.name());
                variables.put("SHELL", user.shell().isEmpty() ? "/bin/sh" : user.shell());
            } else {
                uid = number(spec, "user", userName);
                if (spec.group() == null) {
                    throw new LaunchException(
                            LaunchException.Reason.UNKNOWN_USER,
                            "cannot start " + spec.program() + " as user " + userName
                                    + ": no user has that number, so its group is not known; name the group as well");
                }
            }
            anotherUser = uid != Files.effectiveUserId();
            if (anotherUser) {
                require(spec, "as user " + userName, Capability.CAP_SETUID);
            }
            arguments.add("--reuid=" + Integer.toUnsignedString(uid));
        }
        String groupName = spec.group();
        if (groupName != null) {
            gid = group(spec, groupName);
        }
        if (gid != Accounts.effectiveGroupId()) {
            require(
                    spec,
                    "in group " + (groupName != null ? groupName : Integer.toUnsignedString(gid)),
                    Capability.CAP_SETGID);
        }
        arguments.add("--regid=" + Integer.toUnsignedString(gid));
        arguments.add(supplementary(spec, spec.supplementaryGroups(), anotherUser, user, gid));
        return new Credentials(List.copyOf(arguments), variables);
    }

    private static String supplementary(
            LaunchSpec spec, @Nullable List<String> named, boolean anotherUser, Accounts.@Nullable User user, int gid) {
        if (named == null && !anotherUser) {
            return "--keep-groups";
        }
        TreeSet<Integer> groups = new TreeSet<>(Integer::compareUnsigned);
        if (named != null) {
            named.forEach(name -> groups.add(group(spec, name)));
        } else if (user != null) {
            groups.addAll(Accounts.groupsOf(user));
            groups.add(gid);
        }
        require(spec, "with other supplementary groups", Capability.CAP_SETGID);
        return groups.isEmpty()
                ? "--clear-groups"
                : "--groups=" + groups.stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
    }

    private static Accounts.@Nullable User user(String name) {
        Accounts.User user = Accounts.user(name);
        if (user == null && isNumber(name)) {
            return Accounts.user((int) Long.parseLong(name));
        }
        return user;
    }

    private static int group(LaunchSpec spec, String name) {
        Integer gid = Accounts.group(name);
        return gid != null ? gid : number(spec, "group", name);
    }

    private static int number(LaunchSpec spec, String what, String name) {
        if (!isNumber(name)) {
            throw new LaunchException(
                    LaunchException.Reason.UNKNOWN_USER,
                    "cannot start " + spec.program() + ": there is no " + what + " " + name);
        }
        return (int) Long.parseLong(name);
    }

    private static boolean isNumber(String name) {
        if (name.isEmpty() || name.length() > MAX_DIGITS) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return Long.parseLong(name) <= HIGHEST_ID;
    }

    private static void require(LaunchSpec spec, String how, Capability capability) {
        if (!Privileges.has(capability)) {
            throw new LaunchException(
                    LaunchException.Reason.ATTRIBUTE_REFUSED,
                    "cannot start " + spec.program() + " " + how + ": this JVM, which runs as user "
                            + Integer.toUnsignedString(Files.effectiveUserId()) + ", has no " + capability,
                    null);
        }
    }
}

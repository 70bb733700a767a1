/** The commands over all processes of the machine: list, show, stop and signal them. */
@NullMarked
package org.processmanager.examples.app.cli.process;

import org.jspecify.annotations.NullMarked;

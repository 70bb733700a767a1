/** Many commands in one process: the shell, and scripts. */
@NullMarked
package org.processmanager.examples.app.cli.shell;

import org.jspecify.annotations.NullMarked;

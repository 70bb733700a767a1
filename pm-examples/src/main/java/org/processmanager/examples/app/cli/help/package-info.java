/** What the model of the commands is turned into: examples of the help, scripts for completion, the manual page. */
@NullMarked
package org.processmanager.examples.app.cli.help;

import org.jspecify.annotations.NullMarked;

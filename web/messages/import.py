"""Words about an import as a whole."""

from web.messages.verbs import Verb

MESSAGES = {
    "import.stopped": "Somebody stopped this import. Nothing was written.",
    "import.another_list": "Most rows of this list ({rows} of {of}) have another name and another place than the spaces of “{source}” with the same number. Nothing was brought in. If it is another list, give it a name of its own with --source; if it is the same, say so with --same-list.",
    "import.came_since": "Somebody else brought in “{source}” while you were looking: {refs}. Compare the file again.",
    "import.changed_since": "Somebody changed {refs} while you were looking. Nothing was brought in. Compare the file again.",
    "import.failed": "Something went wrong on our side while we worked on this list. Nothing was brought in. Try again, or send the list to whoever looks after this register.",
    "import.gone": "This import is not here any more. Begin again with the file.",
    "import.is_register": "{name} is a register of its own, not a list. Export its spaces first (tempuse export), and bring in that file.",
    "import.merged_already": "This file was brought in already, as {ref}.",
    "import.moved_on": "This step is over already. Here is how far the import is.",
    "import.name_needed": "Write a name for this list.",
    "import.name_taken": "You have a list of this name. Write another one.",
    "import.not_found": "There is no import {ref}.",
    "import.other_version": "The program was changed since this list was read. Begin again with the file.",
    "import.own_register": "{name} is this register itself. It cannot be brought into itself.",
    "import.register_away": "The register cannot be reached just now. Nothing was brought in. Try again in a few minutes.",
    "import.restricts": "These columns say who may see a space, or seem to, and we do not know what they say: {columns}. In “{first}” stands: {says}. Nothing was brought in. Say what each column and its words are, or that it does not say who may see a space; or bring the list in as reported, which shows nothing.",
}

VERBS = {
    "import": Verb(did="brought it in"),
    "purge": Verb(did="took out what its report quoted, its time being over"),
}

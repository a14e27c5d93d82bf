# 搜索：哪一种布局最好。

## search/plan.rs, search/candidates.rs

search-none = 没有一种布局同时满足条件与预算
search-limit = 每项约束有一个界限：at_most 或 at_least
search-fewer = 小于 first_replicates
search-pair-years = 协调成本用 pair_years 或 pair_years_times 之一限定，不能两者都用
search-free = 没有任何东西有价格：per_pair_year 与 per_zone 均为 0
search-front-draws = 有多个目标时，尚不能在参数抽样上比较
search-one-objective = 一个目标
search-front-many = 布局过多，无法逐一运行，而爬坡只有一个方向：有多个目标时尚不支持
search-front-allowed = 一个目标，或至多 { $most } 种可行布局
search-candidate = 候选项是以下之一：联盟、新联盟、片区
search-of-alliance = 属于联盟，而此候选项是片区
search-of-zone = 属于片区，而此候选项是联盟
search-of-whole = 属于整个联盟，而此候选项是联盟的一个成员
search-one-member = 一个候选项只能是一个成员：一个组、一个省或一个地点
search-member-of = 成员加入由 `alliance` 指明的联盟，也可以是另一候选项所定义的联盟
search-members = 联盟至少有两个成员
search-month = 该月不在考察范围内
search-as-it-is = 与基准布局相同：什么也不改变
search-zone-months = 片区须给出若干设立月份之一，或若干关闭月份之一
search-options = `from` 与 `strength` 的组合过多
search-no-candidate = 没有此编号的候选项
search-condition = 条件要么对候选项计数，要么说明选取某一候选项时的后果
search-conditions = `of` 与 at_most 或 at_least；`when` 与 requires 或 excludes

## cli/search/mod.rs

search-exists = { $path } 中已有一次搜索；--resume 可继续，--force 可替换
search-other = { $path } 中是其他内容；请用 --out 指定另一文件夹
search-other-plan = { $path } 中是按另一方案进行的搜索；请用 --out 指定另一文件夹，或用 --force 替换
search-written = 表格与所选布局的文件：{ $path }

## cli/search/words.rs

search-head = { $name }：{ $candidates } 个候选项构成 { $layouts } 种可行布局；全部运行至 { $end }，每种先运行 { $first } 次重复，之后逐步淘汰
search-head-climb = { $name }：{ $candidates } 个候选项构成的可行布局超过 { $most } 种；每种运行 { $first } 次重复至 { $end }，逐步爬坡，再用另外的重复筛选所见之中最好的布局
search-seconds = { $n } 秒
search-minutes = { $n } 分钟
search-hours = { $n } 小时
search-forecast = 基准布局在本机运行一次需 { $run }。用 { $threads } 个线程：若第一阶段只剩一种，共 { $first } 次运行（{ $soon }）；若始终无一淘汰，共 { $most } 次运行（{ $late }）；新的重复与参数抽样另计。
search-forecast-climb = 基准布局在本机运行一次需 { $run }，用 { $threads } 个线程。需要多少次运行，爬坡之后才知道。
search-stage = { $name }：{ $layouts } 种布局，各 { $replicates } 次重复，自第 { $first } 号起
search-stage-fresh = 新的重复：{ $layouts } 种布局，各 { $replicates } 次重复，自第 { $first } 号起
search-stage-draws = 参数抽样：{ $layouts } 种布局，每次抽样 { $replicates } 次重复
search-stage-variants = 模型变体 { $number }（0 为情景本身）：{ $layouts } 种布局，{ $replicates } 次新的重复，自第 { $first } 号起
search-stage-pairs = 参数与随机性：{ $layouts } 种布局，{ $pairs } 对“参数抽取—重复”，重复自第 { $first } 号起
search-layout = { $name }（{ $changes }）
search-baseline = { $name }（基准布局）
search-climbed = 从 { $starts } 个起点爬坡，共看过 { $seen } 种布局；筛选其中最好的 { $screened } 种。
search-fates = 共 { $runs } 次运行。{ $all } 种布局中，{ $beaten } 种落败，{ $infeasible } 种违反约束，{ $twins } 种与另一种结果相同，{ $missing } 种没有取值；剩余 { $left } 种。
search-no-layout = 没有发现满足约束的布局。
search-best = 最好：{ $layout }。
search-best-of-draws = 在参数抽样上平均最好：{ $layout }。
search-promise = 保证：若这 { $n } 种布局中最好的一种在 { $id } 上比其余每一种至少领先 { $delta }，则它被选中的概率至少为 { $confidence } %。领先更小时不作任何保证。（KN 程序；假定输出服从正态分布，参数取现值。）
search-promise-pairs = 保证：就参数与随机性一并而言，若留待参数抽样比较的 { $n } 种布局中均值最大的一种在 { $id } 上比其余每一种至少领先 { $delta }，则它被选中的概率至少为 { $confidence } %。（KN 程序，用 { $pairs } 对新的“参数抽取—重复”。）领先更小时不作任何保证。
search-undecided-pairs = 在参数抽样上没有保证：到 { $pairs } 对“参数抽取—重复”时仍剩 { $left } 种布局，这里给出其中均值最好的一种。请允许更多对数，或取更大的 delta。
search-other-by-mean = 在下面的比较中，按均值 { $layout } 居首：二者无法区分。
search-promise-limits = 约束在其容差之内判断（{ $list }）；一半的错误概率归于约束。
search-undecided = 没有保证：运行 { $most } 次重复后仍剩 { $left } 种布局，这里给出其中均值最好的一种。请允许更多重复，或取更大的 delta。
search-no-bound = 保证只涉及筛选过的布局：所有布局中最好的一种与之相差多少，爬坡搜索不能说明。
search-front = 估计均值的前沿，以及位于前沿的概率：
search-on-front = - { $layout }：{ $p } %
search-front-open = 运行 { $most } 次重复时，筛选尚未结束。
search-effects = { $layout }与基准布局之差，取自 { $n } 次新的重复（自第 { $first } 号起），95 % 区间：
search-effect = - { $id }：{ $effect }（{ $low } 至 { $high }）；在搜索所用的重复上为 { $searched }，它正是据此被选中的
search-effect-missing = - { $id }：部分重复中没有取值
search-over = 在 { $draws } 次参数抽样上，目标与基准布局之差，附 95 % 可信区间：
search-over-layout = - { $layout }：优于基准 { $gain }（{ $low } 至 { $high }）；最优概率 { $best } %，期望遗憾 { $regret }，最大遗憾 { $most }
search-minimax = 最大遗憾最小：{ $layout }。
search-under = 在情景本身与 { $n } 种模型变体之下，取自新的重复：
search-own-model = 情景本身
search-under-layout = - { $layout }：在 { $models } 种模型中有 { $best } 种最好，最大遗憾 { $regret }（{ $model }）{ $breaks ->
        [0] { "" }
       *[other] ，在 { $breaks } 种之下违反约束
    }
search-minimax-models = 在所有模型之下都满足约束的布局中，最大遗憾最小：{ $layout }。
search-pairs = 在 { $all } 对候选项中，有 { $n } 对共同的效果大于或小于各自之和，超出随机性（各区间单独计算）。最强的是：
search-pair = - { $first } 与 { $second }：{ $id } 超出各自之和 { $by }（{ $low } 至 { $high }）
search-parts = 各部分在新的重复上各增加多少（该布局减去去掉该部分的同一布局）：
search-part = - { $part }：{ $id } { $by }（{ $low } 至 { $high }）
search-part-member = { $candidate } 的成员 { $member }
search-over-draws = 布局在情景的参数下筛选；只有当时剩下的布局才在参数抽样上比较。
search-fixed = 参数取情景的现值：保证与区间只涉及随机性。

## report/plain.rs, report/figures/search.rs

search-kind = 搜索
search-subject = 选中的布局
search-question = 在方案的预算与约束之内，哪种布局最好？
search-limits = 保证只涉及随机性，只适用于领先不小于 delta 的情形与筛选过的布局。参数不同，最好的布局可能不同：方案给出参数抽取时，regret 表说明各布局最优的频率。
search-nothing = 没有选中任何布局
search-found-effect = 采用 { $changes } 时，{ $id } 变化 { $by }（{ $low } 至 { $high }）
search-found-part = 各部分中 { $part } 对 { $id } 增加最多：{ $by }（{ $low } 至 { $high }）
search-effects-title = 选中的布局改变了什么
search-effects-about = 与基准布局之差及其 95 % 随机区间，取自未用于选择的重复；灰色为在搜索所用重复上的差，因据其选中而偏高。
search-on-fresh = 新的重复
search-on-own = 搜索所用的重复
search-choices-title = 各布局以多少协调换得多少效果
search-choices-about = 筛选过的每种布局：运行期内的协调成本，与其存留期间各次重复上的目标均值。空心圈违反约束。
search-front-title = 各布局在前两个目标上的位置
search-front-about = 筛选过的每种布局，取其存留期间各次重复的均值。选中的为均值估计的前沿。空心圈违反约束。
search-pairs-axis = 协调成本（对·年）
search-fate-chosen = 选中
search-fate-left = 最终存留
search-fate-out = 落败或与另一种相同
search-fate-breaks = 违反约束
search-parts-title = 选中布局的各部分各增加多少
search-parts-about = 选中布局与去掉该部分的同一布局之差，及其 95 % 随机区间，取自新的重复。各部分之和不必等于整体：联盟由联系构成，彼此可能相互依存。
search-of-candidate = 候选项
search-of-member = 其联盟的成员
search-synergy-title = 哪些候选项合在一起效果更大
search-synergy-about = 两个候选项共同的效果减去各自单独效果之和，取自首批重复，且三种布局均已运行。标有数字者，其 95 % 随机区间不含 0（各自单独计算）。
search-synergy-axis = 共同效果减去各自之和，{ $id }
search-variants-title = 最后剩下的布局，在模型变体之下
search-variants-about = 目标相对于基准布局的增益，取自新的重复，附 95 % 随机性区间，分别在情景本身与各变体之下。灰色的布局平均违反某一约束。
search-over-title = 存留的布局在各次参数抽取上的表现
search-over-about = 目标相对基准布局的增益：各次抽取的均值及其 95 % 可信区间；名称前为该布局最优的频率。灰色布局的均值违反约束。
search-over-row = 最优 { $best } %：{ $name }
search-keeps = 满足约束
search-breaks = 违反约束
search-map-title = 基准布局与选中布局的联盟
search-map-about = 运行最后一个月的联盟：成员代表所在地的外包、代表处的圆环、成员之间的联系。{ $ground }
search-map-baseline = 基准布局
search-map-chosen = 选中的布局

key-candidates = 布局可以有而基准布局没有的，或可以没有的。
key-objectives = 所求：一个目标，或构成前沿的多个目标。
key-id-of-candidate = 它在条件与表格中的名称：字母、数字、`-` 与 `_`。
key-id-of-objective = 它在表格中的名称：小写字母、数字与 `_`。
key-terms = 求和的各项。
key-delta = 有意义的最小领先，以总和的单位计：保证针对不小于此值的领先。
key-tolerance = 均值与界限相差多少以内，怎样判断都无妨（两侧相同）。
key-variants = 改变模型而不改变政策的布局文件，例如另一种响应：文件，或情景文件夹 `layouts` 中的文件名。
key-file-of-draws = CSV 表，每个参数一列，每次抽样一行，如 `pointplane calibrate` 所写；路径自方案所在文件夹算起。
